/** Samples by name and labels, in the order in which the text has them: `name{a="b"}` -> value. */
export type Samples = ReadonlyMap<string, number>;

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*"`;
const HELP = new RegExp(`^# HELP (${NAME}) .+$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`);
const SAMPLE = new RegExp(
  `^((${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})?) ([+-]?(?:[0-9.]+(?:e[+-]?[0-9]+)?|Inf)|Nan)$`,
);

/**
 * Reads Prometheus' text format, version 0.0.4, as strictly as it may be read: each family has its HELP and TYPE once and before its
 * samples, which stand together; no sample is there twice; a histogram's buckets ascend to its count.
 *
 * @throws Error naming the line that does not fit.
 */
export function parseMetrics(text: string): Samples {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  let help: string | undefined;
  let family: string | undefined;
  for (const line of text.split('\n').filter(Boolean)) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const [, helped] = HELP.exec(line) ?? [];
    const [, typed, type] = TYPE.exec(line) ?? [];
    if (helped) help = helped;
    else if (typed) {
      if (typed !== help) fail('no HELP before');
      if (types.has(typed)) fail('a second TYPE');
      types.set((family = typed), type!);
    } else {
      const [, id, name, , value] = SAMPLE.exec(line) ?? fail('not of the format');
      const stem = types.get(family!) === 'histogram' ? name!.replace(/_(?:bucket|sum|count)$/, '') : name;
      if (stem !== family) fail('not of the family above');
      if (samples.has(id!)) fail('there twice');
      samples.set(id!, Number(value!.replace('Inf', 'Infinity')));
    }
  }
  for (const [name, type] of types) if (type === 'histogram') assertAscends(name, samples);
  return samples;
}

function assertAscends(name: string, samples: Samples): void {
  let last = 0;
  for (const [id, value] of samples) {
    if (!id.startsWith(`${name}_bucket{`)) continue;
    if (value < last) throw new Error(`buckets descend: ${id}`);
    last = value;
    if (!id.includes('le="+Inf"')) continue;
    const labels = id.slice(name.length + '_bucket'.length).replace(/le="\+Inf",|,?le="\+Inf"/, '');
    const count = samples.get(`${name}_count${labels === '{}' ? '' : labels}`);
    if (count !== value) throw new Error(`${id} is ${value}, and the count ${count}`);
    last = 0;
  }
}
