/** One a line, or between commas. Whether they are networks is for the API to say. */
export const networksIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);
