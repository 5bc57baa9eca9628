/** The least time between two events about an organization's facts, in milliseconds. */
const PACE = 1_000;

/** How long it is remembered when facts changed, in milliseconds: longer than a ticket is good for. */
const REMEMBERED_FOR = 120_000;

/**
 * Knows of changes of what rules read besides contexts, and has the organization's streams told: of the first at once, of those that follow
 * within a second together.
 */
export class FactsNews {
  /** Organizations that were told of less than a second ago -> whether more has changed since. */
  private readonly pacing = new Map<string, { timer: NodeJS.Timeout; isDue: boolean }>();
  /** Organization -> when its facts changed last, in milliseconds since the epoch. */
  private readonly changes = new Map<string, number>();
  /** When anybody's may have changed last. What was before this process began to listen it does not know. */
  private floor = Date.now();

  /** @param tell is called with an organization. */
  constructor(private readonly tell: (organizationId: string) => void) {}

  /** Whether facts of the organization may have changed at that time or later; false for what is too long ago to be remembered. */
  hasChangedSince(organizationId: string, time: number): boolean {
    return time <= Math.max(this.floor, this.changes.get(organizationId) ?? 0);
  }

  note(organizationId: string): void {
    this.changes.set(organizationId, Date.now());
    this.announce(organizationId);
  }

  /** @param organizations those that have streams. */
  noteAll(organizations: readonly string[]): void {
    this.floor = Date.now();
    this.changes.clear();
    for (const organizationId of organizations) this.announce(organizationId);
  }

  forgetOld(): void {
    const oldest = Date.now() - REMEMBERED_FOR;
    for (const [organizationId, time] of this.changes) if (time < oldest) this.changes.delete(organizationId);
  }

  stop(): void {
    for (const { timer } of this.pacing.values()) clearTimeout(timer);
    this.pacing.clear();
  }

  private announce(organizationId: string): void {
    const pace = this.pacing.get(organizationId);
    if (pace) {
      pace.isDue = true;
      return;
    }
    const timer = setTimeout(() => {
      const { isDue } = this.pacing.get(organizationId)!;
      this.pacing.delete(organizationId);
      if (isDue) this.announce(organizationId);
    }, PACE).unref();
    this.pacing.set(organizationId, { timer, isDue: false });
    this.tell(organizationId);
  }
}
