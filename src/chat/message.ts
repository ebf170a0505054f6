import type { PersonName } from '../domain/names.js';

/**
 * What is said, as structure: each platform renders it its own way (IRC lines, Block Kit, a terminal). No markup and no
 * control character in core code; texts from people are plain strings here and are escaped where they are rendered.
 */
export type Span =
  | string
  | { readonly strong: string }
  | { readonly code: string }
  /** A command of ours: where lines for us begin with a prefix, it is shown with it. */
  | { readonly command: string }
  | { readonly link: string; readonly text: string }
  /** Somebody whose attention is wanted: each platform calls them by what they are there, and by this name elsewhere. */
  | { readonly mention: PersonName };

export type Block =
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  | {
      readonly kind: 'fields';
      readonly fields: readonly { readonly label: string; readonly value: readonly Span[] }[];
    }
  | {
      readonly kind: 'table';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  /** `of` 0 means that the end is not known. */
  | {
      readonly kind: 'progress';
      readonly label: string;
      readonly done: number;
      readonly of: number;
      readonly note?: string;
    }
  /** What a person may answer; where there are no buttons, the commands are shown. */
  | {
      readonly kind: 'choices';
      readonly choices: readonly { readonly label: string; readonly command: string }[];
    };

/** How loud it is. An alarm is never queued behind anything else. */
export type Tone = 'plain' | 'good' | 'warning' | 'alarm';

export interface Message {
  readonly tone: Tone;
  readonly blocks: readonly Block[];
}

export const paragraph = (...spans: Span[]): Block => ({ kind: 'paragraph', spans });
export const list = (...items: (readonly Span[])[]): Block => ({ kind: 'list', items });
export const say = (...spans: Span[]): Message => ({ tone: 'plain', blocks: [paragraph(...spans)] });
export const message = (tone: Tone, ...blocks: Block[]): Message => ({ tone, blocks });

/** The words alone. */
export function spanText(spans: readonly Span[]): string {
  return spans
    .map((span) =>
      typeof span === 'string'
        ? span
        : 'strong' in span
          ? span.strong
          : 'code' in span
            ? span.code
            : 'command' in span
              ? span.command
              : 'mention' in span
                ? span.mention
                : span.text,
    )
    .join('');
}
