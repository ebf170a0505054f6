/** What the app asks of a workspace: exactly what the code uses. The manifest that is shipped lists the same. */
export const slackNeeds = {
  /** Of the bot token. */
  botScopes: [
    'app_mentions:read',
    'channels:history',
    'chat:write',
    'commands',
    'groups:history',
    'im:history',
    'im:write',
    'users:read',
  ],
  botEvents: ['app_mention', 'message.channels', 'message.groups', 'message.im'],
  slashCommand: '/switchdc',
} as const;
