/**
 * A text that stays on its line and shows what it holds: line breaks, terminal codes and invisible marks become spaces.
 *
 * Names, tags and descriptions are written by people outside, and land in comments, in scripts and on terminals.
 */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
