import { readFile, writeFile } from 'node:fs/promises';

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** The value that this share of them lies before: of 100 values, the largest for 0.99. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** One line per row, as Markdown: the ratio's median and spread, then what it was made of. */
export function toMarkdown(results) {
  const lines = [
    '| subject / baseline | goal | median | min to max | subject | baseline |',
    '| --- | --- | --- | --- | --- | --- |',
    ...results.map((result) => {
      const { row, ratios, excess, subject, baseline } = result;
      const goal = row.goal.atLeast !== undefined ? `>= ${row.goal.atLeast}` : `<= ${row.goal.atMost}`;
      const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
      const ratio = median(ratios).toFixed(2);
      const shown = isMet(result) ? ratio : `**${ratio}**`;
      const title = row.none ? `${row.title}: ${excess} ${row.none.what}` : row.title;
      return `| ${title} | ${goal} | ${shown} | ${spread} | ${figures(subject)} | ${figures(baseline)} |`;
    }),
  ];
  return lines.join('\n');
}

export function isMet({ row: { goal }, ratios, excess = 0 }) {
  const ratio = median(ratios);
  return excess === 0 && (goal.atLeast !== undefined ? ratio >= goal.atLeast : ratio <= goal.atMost);
}

/** Medians over the pairs: requests per second, latencies, and the server's processor time. */
export function figures(runs) {
  const of = (figure) => median(runs.map((run) => run[figure]));
  return `${Math.round(of('rate')).toLocaleString('en')}/s, p50 ${of('p50').toFixed(2)} ms, p99 ${of('p99').toFixed(1)} ms, CPU ${Math.round(of('cpu'))} µs`;
}

/** Puts the text between the markers of that name in the document. */
export async function writeInto(file, text, name = 'bench') {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const document = await readFile(file, 'utf8');
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file} has no place for it: ${begin} and ${end}`);
  await writeFile(file, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}
