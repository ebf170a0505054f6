import { type Message, message, paragraph } from '../chat/message.js';
import { GENERAL_FLAGS } from './command-line-options.js';
import { EXIT_CODE_MEANINGS, EXIT_CODES } from './exit-codes.js';

interface Named {
  readonly word: string;
  readonly summary: string;
  readonly example: string;
}

/** How the command line is used: for somebody who has just installed it, before any configuration is read. Pure. */
export function generalHelp(own: readonly Named[]): Message {
  const codes = Object.entries(EXIT_CODES).map(([name, code]) => ({
    label: String(code),
    value: [EXIT_CODE_MEANINGS[name as keyof typeof EXIT_CODES]],
  }));
  return message(
    'plain',
    paragraph(
      'Usage: ',
      { code: 'switchdc COMMAND [ARGUMENTS]' },
      '. ',
      { code: 'switchdc help' },
      ' lists the commands.',
    ),
    {
      kind: 'fields',
      fields: own.map(({ word, summary, example }) => ({
        label: word,
        value: [`${summary}, e.g. `, { code: `switchdc ${example}` }],
      })),
    },
    paragraph('Everywhere:'),
    { kind: 'fields', fields: GENERAL_FLAGS.map(({ usage, means }) => ({ label: usage, value: [means] })) },
    paragraph('Exit codes:'),
    { kind: 'fields', fields: codes },
  );
}
