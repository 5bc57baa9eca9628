import { Timings } from './timings.js';

/** The label of requests that no route was found for, whatever their path says. */
export const NO_ROUTE = 'none';

/** The label of requests whose client went away before it had the whole answer. */
export const ABORTED = 'aborted';

/** What was asked of one route by one method. */
export interface RequestSeries {
  readonly method: string;
  readonly route: string;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number | typeof ABORTED, number>;
  readonly durations: Timings;
}

/** From the quickest answer of the API to what a client has long given up, in seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Clients choose among more methods than there are routes for; the others share a label. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'other';

/** Counts the API's requests by method, route and status. There are as many series as routes ask for, whatever clients send. */
export class RequestMetrics {
  private readonly routes = new Map<
    string,
    Map<string, RequestSeries & { statuses: Map<number | 'aborted', number> }>
  >();

  /** @param route the route's pattern, never the path. */
  ended(method: string, route: string | undefined, status: number | typeof ABORTED, seconds: number): void {
    const series = this.routes.get(route ?? NO_ROUTE)?.get(method) ?? this.seriesOf(method, route ?? NO_ROUTE);
    series.statuses.set(status, (series.statuses.get(status) ?? 0) + 1);
    series.durations.observe(seconds);
  }

  *series(): Iterable<RequestSeries> {
    for (const methods of this.routes.values()) yield* methods.values();
  }

  private seriesOf(given: string, route: string) {
    const method = METHODS.has(given) ? given : OTHER_METHOD;
    let methods = this.routes.get(route);
    if (!methods) this.routes.set(route, (methods = new Map()));
    let series = methods.get(method);
    if (!series) {
      series = { method, route, statuses: new Map<number | 'aborted', number>(), durations: new Timings(BOUNDS) };
      methods.set(method, series);
    }
    return series;
  }
}
