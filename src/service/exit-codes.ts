import type { ReplyStatus } from '../chat/command.js';
import type { RunResult } from './wire.js';

/** How the process of one command ends. A promise to scripts: codes are never given another meaning. */
export const EXIT_CODES = {
  ok: 0,
  internal: 1,
  mistake: 2,
  refused: 3,
  notFound: 4,
  runFailed: 5,
  runAborted: 6,
  /** EX_TEMPFAIL of sysexits.h. */
  unavailable: 75,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  ok: 'done',
  internal: 'something went wrong inside',
  mistake: 'a mistake in the command or the configuration',
  refused: 'refused: not you, or not now',
  notFound: 'there is no such thing',
  runFailed: 'the run that was followed ended FAIL',
  runAborted: 'the run that was followed ended ABORTED',
  unavailable: 'not possible at the moment: try again',
};

export function exitCodeOfReply(status: ReplyStatus): ExitCode {
  switch (status) {
    case 'ok':
      return EXIT_CODES.ok;
    case 'refused':
      return EXIT_CODES.refused;
    case 'not-found':
      return EXIT_CODES.notFound;
    case 'mistake':
      return EXIT_CODES.mistake;
    case 'unavailable':
      return EXIT_CODES.unavailable;
    case 'failed':
      return EXIT_CODES.internal;
  }
}

export function exitCodeOfRun(result: RunResult | undefined): ExitCode {
  switch (result) {
    case 'PASS':
    case undefined:
      return EXIT_CODES.ok;
    case 'FAIL':
      return EXIT_CODES.runFailed;
    case 'ABORTED':
      return EXIT_CODES.runAborted;
  }
}
