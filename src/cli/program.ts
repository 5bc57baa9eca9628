import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { GRANTED_SCOPES } from '../auth/scopes.js';
import type * as Commands from './commands.js';
import type { Outcome } from './commands.js';
import { explain, USAGE } from './failure.js';

/** Runs one command. @returns the exit code: 0, 1 when it failed, 2 when it was not called as it should be. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong; a missing command is wrong too, and help that was asked for is not.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    const { message, exitCode } = explain(error);
    process.stderr.write(`error: ${message}\n`);
    return exitCode;
  }
}

const AFTER_HELP = `
Results go to stdout: with --json one JSON value, without it what the next command needs. Messages go to stderr.
Exit status: 0 done, 1 failed, 2 not called as it should be.

The database is that of DATABASE_ADMIN_URL (and DATABASE_URL), or the embedded one in KAITEN_DATA_DIR, whether the server runs or not.`;

function createProgram(): Command {
  const program = new Command('kaiten')
    .description("The operator's command line of kaiten-server.")
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError('(--help says how it is used)')
    .exitOverride();

  command(program, 'migrate', 'bring the schema up to date and grant the application role its privileges').action(
    perform((commands) => commands.migrateDatabase),
  );

  const organization = program.command('organization').description('create and list organizations');
  command(organization, 'create', 'create an organization; prints its slug')
    .requiredOption('--name <name>', 'its name')
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .action(perform((commands) => commands.addOrganization));
  command(organization, 'list', 'list organizations: slug, name, time of creation').action(
    perform((commands) => commands.showOrganizations),
  );

  const account = program.command('service-account').description('create service accounts');
  inOrganization(command(account, 'create', 'create a service account; prints its slug'))
    .requiredOption('--name <name>', 'its name')
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .action(perform((commands) => commands.addServiceAccount));

  const token = program.command('token').description('mint and revoke tokens');
  ofServiceAccount(command(token, 'create', 'mint a token; prints the secret, this once'))
    .requiredOption('--name <name>', "its name, unique among the account's tokens that are not revoked")
    .requiredOption('--scope <scope>', 'what it may do; repeat for more', collect)
    .option('--expires-at <time>', 'when it ends, such as 2027-01-31T12:00:00Z (default: never)')
    .option('--slug <slug>', 'its slug, which must be free (default: made from the name)')
    .addHelpText('after', `\nScopes: ${GRANTED_SCOPES.join(', ')}.\nWrite implies read; write:* is everything.`)
    .action(perform((commands) => commands.addToken));
  ofServiceAccount(command(token, 'revoke', 'revoke a token: it is refused from then on'))
    .requiredOption('--token <slug>', "the token's slug or id")
    .action(perform((commands) => commands.revokeToken));

  return program;
}

function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'print one JSON value and nothing else to stdout');
}

const inOrganization = (command: Command): Command =>
  command.requiredOption('--organization <slug>', "the organization's slug");

const ofServiceAccount = (command: Command): Command =>
  inOrganization(command).requiredOption('--service-account <slug>', "the service account's slug or id");

const collect = (value: string, before: string[] = []): string[] => [...before, value];

/** The commands' module brings the whole application; it is loaded when the command line has been understood. */
function perform<T>(choose: (commands: typeof Commands) => (options: T) => Promise<Outcome>) {
  return async (options: T & { json?: true }): Promise<void> => {
    const { value, text, message } = await choose(await import('./commands.js'))(options);
    process.stderr.write(`${message}\n`);
    const output = options.json ? JSON.stringify(value, null, 2) : text;
    if (output !== '') process.stdout.write(`${output}\n`);
  };
}

/** The package's; it lies beside dist/, which without it would not be ES modules. */
function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
