"""A `BaseManager` of one's own, with a registered type that raises."""

from multiprocessing import Process
from multiprocessing.managers import BaseManager


class Account:
    """What is shared."""

    def __init__(self, balance):
        self._balance = balance

    def pay(self, amount):
        """Take `amount` away."""
        if amount > self._balance:
            raise ValueError(f"only {self._balance}")
        self._balance -= amount
        return self._balance


class Bank(BaseManager):
    """The manager."""


Bank.register("Account", Account)


def task(account):
    account.pay(30)


if __name__ == "__main__":
    with Bank() as bank:
        account = bank.Account(100)
        process = Process(target=task, args=(account,))
        process.start()
        process.join()
        print(account.pay(20))
        try:
            account.pay(500)
        except ValueError as error:
            print(error)
