"""What people get wrong, where a recording shows it: found as data (`finding`), then put into words (`sentences`)."""
