import { explainError } from '../domain/errors.js';

/** Why a file cannot be read, in words, from what the system threw. Pure. */
export function fileProblem(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'no such file';
    case 'EACCES':
    case 'EPERM':
      return 'a file that this user may not read';
    case 'EISDIR':
      return 'a directory';
    default:
      return explainError(error);
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
