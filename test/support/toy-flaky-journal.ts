import { JournalUnwritable } from '../../src/runner/errors.js';
import type { Journal } from '../../src/runner/journal.js';

/** A journal on a disk that is full from time to time: while it is, nothing is taken. */
export class ToyDisk {
  /** This many appends are still refused. */
  refuses = 0;

  under(journal: Journal): Journal {
    return {
      ...journal,
      append: (run, seq, entry, at) => {
        if (this.refuses === 0) return journal.append(run, seq, entry, at);
        this.refuses -= 1;
        return Promise.reject(new JournalUnwritable('the disk is full'));
      },
    };
  }
}
