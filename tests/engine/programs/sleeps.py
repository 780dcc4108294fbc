"""Two processes that do nothing, and no manager."""

import multiprocessing
import time

if __name__ == "__main__":
    multiprocessing.Process(target=time.sleep, args=(100,)).start()
    time.sleep(100)
