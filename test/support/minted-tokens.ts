/** Every secret that this suite has minted, for the search in its log. */
export const mintedTokens: string[] = [];
