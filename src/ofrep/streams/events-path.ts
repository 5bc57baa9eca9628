/** Where streams of events are opened, with a ticket. */
export const EVENTS_PATH = '/api/ofrep/v1/events';
