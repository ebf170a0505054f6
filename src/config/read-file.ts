import { open } from 'node:fs/promises';

/** Reads a file's first `most` bytes at most, whatever its size is said to be; throws what the system throws. */
export type ReadFile = (path: string, most: number) => Promise<Uint8Array>;

/** Reads from disk. A device or a pipe that never ends is read no further either. */
export const readFileFromDisk: ReadFile = async (path, most) => {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(most);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, most - length);
      length += bytesRead;
      // Also once the buffer is full: then nothing more is asked for.
      if (bytesRead === 0) return bytes.subarray(0, length);
    }
  } finally {
    await file.close();
  }
};
