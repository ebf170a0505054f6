import { randomInt } from 'node:crypto';
import type { Question } from './question.js';
import { type Said, isAbout, readMessage, saidIn } from './read-message.js';

/**
 * The questions that one socket has put to one server, and what has come back. Every message that comes in is held
 * against them: one with a foreign id, about something else, or for a question that is answered already is ignored.
 */
export class OpenQuestions {
  readonly #open = new Map<number, number>();
  readonly #said: (Said | undefined)[];
  readonly #settled: Promise<void>;
  #settle: () => void = () => undefined;

  constructor(private readonly questions: readonly Question[]) {
    this.#said = questions.map(() => undefined);
    this.#settled = new Promise((resolve) => (this.#settle = resolve));
    questions.forEach((_, index) => this.#open.set(this.#unusedId(), index));
    this.#settleIfDone();
  }

  /** Those without an answer, with their ids. */
  get unanswered(): readonly (readonly [id: number, question: Question])[] {
    return [...this.#open].flatMap(([id, index]) => {
      const question = this.questions[index];
      return question === undefined ? [] : [[id, question] as const];
    });
  }

  /** Resolves once nothing is unanswered. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  receive(bytes: Buffer): void {
    const message = readMessage(bytes);
    const index = message === undefined ? undefined : this.#open.get(message.id);
    const question = index === undefined ? undefined : this.questions[index];
    if (message === undefined || index === undefined || question === undefined) return;
    if (!isAbout(message, question)) return;
    this.#open.delete(message.id);
    this.#said[index] = saidIn(message, question);
    this.#settleIfDone();
  }

  /** No answer can come any more. What comes first counts. */
  giveUp(because: string): void {
    for (const index of this.#open.values()) this.#said[index] = { kind: 'no-address', because };
    this.#open.clear();
    this.#settleIfDone();
  }

  /** In the order of the questions. Those without an answer are given up. */
  results(because: string): Said[] {
    this.giveUp(because);
    return this.#said.map((said) => said ?? { kind: 'no-address', because });
  }

  /** Not to be guessed from outside, and different from those of the others here. */
  #unusedId(): number {
    for (;;) {
      const id = randomInt(0x1_0000);
      if (!this.#open.has(id)) return id;
    }
  }

  #settleIfDone(): void {
    if (this.#open.size === 0) this.#settle();
  }
}
