/**
 * What `JSON.parse` said of a text, without the piece of the text that it quotes: that piece may be a secret.
 */
export function jsonProblem(error: Error): string {
  const [said = ''] = error.message.split(/,? ?(?:\.\.\.)?"/);
  return said === '' ? 'it is not valid JSON' : said;
}
