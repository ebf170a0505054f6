/** The accounts of every lab's wiki. They are no secret: a lab listens on loopback alone. */
export const accounts = {
  /** For people, in the browser. */
  admin: { user: 'Admin', password: 'AdminPass-2026' },
  /** For programs: it may edit without limits. What is behind the @ names the application. */
  bot: { user: 'Switchbot@lab', password: '0123456789abcdef0123456789abcdef' },
} as const;
