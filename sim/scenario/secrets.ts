/** Blanking out what must not be shown: the values of environment variables, wherever a scenario or a command is. */

const BLANK = "***";

/** A scenario as written in which no environment variable has its value: a copy where any had one. */
export function withoutSecrets(file: unknown): unknown {
  const functions = (file as { functions?: unknown } | null | undefined)?.functions;
  if (typeof functions !== "object" || functions === null) return file;
  if (Object.values(functions).every((settings) => withoutValues(settings) === settings)) return file;
  const blanked = Object.fromEntries(
    Object.entries(functions).map(([name, settings]) => [name, withoutValues(settings)]),
  );
  return { ...(file as object), functions: blanked };
}

function withoutValues(settings: unknown): unknown {
  const environment = (settings as { environment?: unknown } | null | undefined)?.environment;
  const variables = (environment as { variables?: unknown } | null | undefined)?.variables;
  if (typeof variables !== "object" || variables === null) return settings;
  const blanked = Object.fromEntries(Object.keys(variables).map((name) => [name, BLANK]));
  return { ...(settings as object), environment: { ...(environment as object), variables: blanked } };
}

/**
 * Command-line arguments fit to be shown: what follows "=" is blanked where it may hold an environment variable, and so is
 * the password of an address.
 */
export function withoutSecretArguments(args: readonly string[]): string[] {
  return args.map((arg) => {
    const setting = /^(--(?:set|vary)=)?([^=]*)=/s.exec(arg);
    return setting && /environment/.test(arg)
      ? `${setting[0]}${BLANK}`
      : arg.replace(/(\/\/)[^/]*@/, `$1${BLANK}@`);
  });
}
