/** Every secret that this suite has minted, a token's or another, for the search in its log. */
export const mintedTokens: string[] = [];
