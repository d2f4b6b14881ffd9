import { simulateCommand } from '../../src/cli/commands/simulate.ts';
await simulateCommand().parseAsync(process.argv.slice(2), { from: 'user' });
