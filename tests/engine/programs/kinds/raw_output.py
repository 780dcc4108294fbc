"""Bytes that are no text, unbuffered, on both streams."""

import os
import sys

for n in range(256):
    os.write(1 + n % 2, bytes([n, 255 - n]))
sys.stdout.buffer.write(bytes(range(256)))
