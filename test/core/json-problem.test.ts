import { jsonProblem } from '../../core/json-problem.js';

const problemOf = (text: string): string => {
  try {
    JSON.parse(text);
  } catch (error) {
    return jsonProblem(error as Error);
  }
  throw new Error('the text is valid');
};

describe('what JSON.parse said, without what it quotes', () => {
  const secret = 'hunter2';

  it.each([
    ['a bare word', `{"HeaderValue":${secret}}`],
    ['a missing comma', `{"HeaderValue":"${secret}" "x":1}`],
    ['a text cut short', `{"HeaderValue":"${secret}`],
    ['a word alone', secret],
    ['a long text around it', `{"padding":"${'p'.repeat(80)}","HeaderValue":${secret},"more":"${'q'.repeat(80)}"}`],
    ['a line feed in it', `{"HeaderValue":"${secret}\n"}`],
  ])('holds no secret: %s', (_, text) => {
    const problem = problemOf(text);
    expect(problem).not.toContain(secret);
    expect(problem).not.toContain(secret.slice(1));
    expect(problem.length).toBeGreaterThan(8);
  });

  it('is never empty', () => {
    expect(jsonProblem(new SyntaxError('"hunter2" is not valid JSON'))).toBe('it is not valid JSON');
  });
});
