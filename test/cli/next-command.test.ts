import { inputText } from '../../cli/input.js';

const options = { from: ['saved'], roleArn: [], cloudfrontPrefixList: [], rule: [], param: [] };

describe('the command that is proposed next names the same input', () => {
  it.each([
    ['one folder', {}, '--from saved'],
    ['several', { from: ['a', 'b/c.json.gz'] }, '--from a --from b/c.json.gz'],
    [
      'the place',
      { account: '111122223333', region: 'us-east-1' },
      '--from saved --account 111122223333 --region us-east-1',
    ],
    ['the list', { cloudfrontPrefixList: ['pl-3b927c52'] }, '--from saved --cloudfront-prefix-list pl-3b927c52'],
    [
      'the rule and its parameters',
      { rule: ['r'], params: 'p.json', param: ['ports=all'] },
      '--from saved --rule r --params p.json --param ports=all',
    ],
    [
      'words that a shell would take apart',
      { from: ["it's here"], param: ['allowedSecurityGroupIds=*'] },
      String.raw`--from 'it'\''s here' --param 'allowedSecurityGroupIds=*'`,
    ],
  ])('%s', (_, given, text) => {
    expect(inputText({ ...options, ...given })).toBe(text);
  });
});
