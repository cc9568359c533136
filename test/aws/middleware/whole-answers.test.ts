import { ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import { GetComplianceDetailsByConfigRuleCommand } from '@aws-sdk/client-config-service';
import { DescribeManagedPrefixListsCommand } from '@aws-sdk/client-ec2';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFindingsCommand } from '@aws-sdk/client-securityhub';
import { listOf, readOne, type SendOptions } from '../../../aws/read/pages.js';
import type { Session } from '../../../aws/session.js';
import { known, type Fact } from '../../../core/fact.js';
import {
  chunksWithoutEnd,
  localAws,
  reset,
  shorterThanAnnounced,
  stalled,
  whole,
  type LocalAws,
  type Reply,
} from '../support/local-aws.js';
import { testSession } from '../support/session.js';

interface Service {
  /** Asks for a list of two, and names what came. */
  readonly ask: (session: Session) => Promise<Fact<readonly unknown[]>>;
  /** Both items. */
  readonly body: string;
  /** The root element, or the JSON, without the list in it. */
  readonly withoutList: string;
  readonly denied: { readonly status: number; readonly body: string };
}

const question = <Page>(page: (token: string | undefined, options: SendOptions) => Promise<Page>) => ({
  fact: 'things',
  what: 'things',
  action: 'x:ListThings',
  command: 'list-things',
  page,
});

async function namesIn<Page extends object>(
  session: Session,
  page: (options: SendOptions) => Promise<Page>,
  names: (page: Page) => readonly unknown[],
): Promise<Fact<readonly unknown[]>> {
  const fact = await readOne(
    session,
    question((_, options) => page(options)),
  );
  return fact.known ? known(names(fact.value)) : fact;
}

const SERVICES: Readonly<Record<string, Service>> = {
  'EC2 (XML)': {
    ask: (session) =>
      namesIn(
        session,
        (options) => session.clients.ec2.send(new DescribeManagedPrefixListsCommand({}), options),
        ({ PrefixLists }) => listOf(PrefixLists, 'PrefixLists').map(({ PrefixListId }) => PrefixListId),
      ),
    body: `<?xml version="1.0" encoding="UTF-8"?>
<DescribeManagedPrefixListsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>1</requestId>
  <prefixListSet><item><prefixListId>one</prefixListId></item><item><prefixListId>two</prefixListId></item></prefixListSet>
</DescribeManagedPrefixListsResponse>`,
    withoutList: '<DescribeManagedPrefixListsResponse><requestId>1</requestId></DescribeManagedPrefixListsResponse>',
    denied: {
      status: 403,
      body: '<?xml version="1.0"?><Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors><RequestID>1</RequestID></Response>',
    },
  },
  'ELBv2 (XML)': {
    ask: (session) =>
      namesIn(
        session,
        (options) => session.clients.elbv2.send(new DescribeLoadBalancersCommand({}), options),
        ({ LoadBalancers }) => listOf(LoadBalancers, 'LoadBalancers').map(({ LoadBalancerName }) => LoadBalancerName),
      ),
    body: '<DescribeLoadBalancersResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeLoadBalancersResult><LoadBalancers><member><LoadBalancerName>one</LoadBalancerName></member><member><LoadBalancerName>two</LoadBalancerName></member></LoadBalancers></DescribeLoadBalancersResult></DescribeLoadBalancersResponse>\n',
    withoutList:
      '<DescribeLoadBalancersResponse><DescribeLoadBalancersResult/><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeLoadBalancersResponse>',
    denied: {
      status: 403,
      body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>',
    },
  },
  'CloudFront (REST-XML)': {
    ask: (session) =>
      namesIn(
        session,
        (options) => session.clients.cloudfront.send(new ListDistributionsCommand({}), options),
        ({ DistributionList }) => listOf(DistributionList?.Items, 'Items').map(({ Id }) => Id),
      ),
    body: '<?xml version="1.0"?>\n<DistributionList xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><IsTruncated>false</IsTruncated><Quantity>2</Quantity><Items><DistributionSummary><Id>one</Id></DistributionSummary><DistributionSummary><Id>two</Id></DistributionSummary></Items></DistributionList>',
    withoutList: '<DistributionList><IsTruncated>false</IsTruncated></DistributionList>',
    denied: {
      status: 403,
      body: '<?xml version="1.0"?><ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>',
    },
  },
  'Config (JSON)': {
    ask: (session) =>
      namesIn(
        session,
        (options) =>
          session.clients.config.send(new GetComplianceDetailsByConfigRuleCommand({ ConfigRuleName: 'rule' }), options),
        ({ EvaluationResults }) => listOf(EvaluationResults, 'EvaluationResults').map(({ Annotation }) => Annotation),
      ),
    body: '{"EvaluationResults":[{"Annotation":"one"},{"Annotation":"two"}]}',
    withoutList: '{}',
    denied: { status: 400, body: '{"__type":"AccessDeniedException","Message":"no"}' },
  },
  'Security Hub (REST-JSON)': {
    ask: (session) =>
      namesIn(
        session,
        (options) => session.clients.securityHub.send(new GetFindingsCommand({}), options),
        ({ Findings }) => listOf(Findings, 'Findings').map(({ Title }) => Title),
      ),
    body: '{"Findings":[{"Title":"one"},{"Title":"two"}]}',
    withoutList: '{}',
    denied: { status: 403, body: '{"Code":"AccessDeniedException","Message":"no","__type":"AccessDeniedException"}' },
  },
};

const HTML = '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><p>Please sign in</p></body></html>';

/** How an answer with this body breaks on its way. */
const BREAKS: Readonly<Record<string, (body: string) => Reply>> = {
  'cut in the middle, with a matching length': (body) => whole(body.slice(0, body.length / 2)),
  'cut behind an inner end, with a matching length': (body) => whole(body.slice(0, /<\/\w+>|\}/.exec(body)!.index + 1)),
  'cut by its last character, with a matching length': (body) => whole(body.trimEnd().slice(0, -1)),
  'shorter than its announced length': (body) => shorterThanAnnounced(body),
  'cut and shorter than its announced length': (body) => shorterThanAnnounced(body.slice(0, body.length / 2)),
  'in chunks without the last one': (body) => chunksWithoutEnd(body),
  'in chunks that stall': (body) => stalled(body.slice(0, body.length / 2)),
  'that stalls after its last character': (body) => stalled(body),
  'that is empty': () => whole(''),
  'of white space only': () => whole(' \n\n '),
  'that is a page of HTML': () => whole(HTML, 200, { 'content-type': 'text/html' }),
  'that is a page of XHTML': () => whole(`<?xml version="1.0"?>\n${HTML.slice(HTML.indexOf('<html'))}`),
  'that is one element without content': () => whole('<Response/>'),
  'that is plain text': () => whole('upstream timed out'),
};

describe('requireWholeAnswers', () => {
  let aws: LocalAws;
  let session: Session;

  beforeAll(async () => {
    aws = await localAws();
    session = testSession({ clients: aws.clients });
  });
  afterAll(() => aws.close());

  describe.each(Object.entries(SERVICES))('%s', (_, { ask, body, withoutList, denied }) => {
    test('a whole answer passes', async () => {
      aws.answer(whole(body));
      await expect(ask(session)).resolves.toEqual(known(['one', 'two']));
      expect(aws.requests).toHaveLength(1);
    });

    test('a whole answer in chunks without a length passes', async () => {
      aws.answer((response) => {
        response.writeHead(200);
        response.write(body.slice(0, 20), () => response.end(body.slice(20)));
      });
      await expect(ask(session)).resolves.toEqual(known(['one', 'two']));
    });

    test.each(Object.entries(BREAKS))(
      'an answer %s is asked for again, and is an error the second time',
      async (_how, broken) => {
        aws.answer(broken(body));
        await expect(ask(session)).rejects.toMatchObject({ code: 'E2006' });
        expect(aws.requests).toHaveLength(2);
        expect(aws.counter).toMatchObject({ total: 1, attempts: 2 });
      },
    );

    test.each(Object.entries(BREAKS))(
      'an answer %s counts for nothing when the next one is whole',
      async (_how, broken) => {
        aws.answer(broken(body), whole(body));
        await expect(ask(session)).resolves.toEqual(known(['one', 'two']));
        expect(aws.requests).toHaveLength(2);
      },
    );

    test('an answer of the other format is asked for again', async () => {
      aws.answer(whole(body.startsWith('{') ? '<ok/>' : '{"message":"ok"}'));
      await expect(ask(session)).rejects.toMatchObject({ code: 'E2006' });
      expect(aws.requests).toHaveLength(2);
    });

    test('a document that is none of this service is an error, not an empty list', async () => {
      aws.answer(whole(body.startsWith('{') ? '{"status":"ok"}' : '<status>ok</status>'));
      await expect(ask(session)).rejects.toMatchObject({ code: 'E2006' });
    });

    test('an answer without its list is an error, not an empty list', async () => {
      aws.answer(whole(withoutList));
      await expect(ask(session)).rejects.toMatchObject({ code: 'E2006' });
    });

    test('a refusal is still the error that AWS named', async () => {
      aws.answer(whole(denied.body, denied.status));
      await expect(ask(session)).resolves.toMatchObject({ known: false, gap: { cause: 'access-denied' } });
      expect(aws.requests).toHaveLength(1);
    });

    test('a refusal that follows a broken answer is still one', async () => {
      aws.answer(whole(body.startsWith('{') ? '{"]}' : '<a><b></a>'), whole(denied.body, denied.status));
      await expect(ask(session)).resolves.toMatchObject({ known: false, gap: { cause: 'access-denied' } });
    });

    test('a refusal by a page of HTML is an error, not a gap', async () => {
      aws.answer(whole(HTML, 403, { 'content-type': 'text/html' }));
      await expect(ask(session)).rejects.toMatchObject({ code: expect.stringMatching(/^E200[16]$/) });
    });

    test('no answer but a reset is asked for again, and is an error the second time', async () => {
      aws.answer(reset);
      await expect(ask(session)).rejects.toMatchObject({ code: 'E2001' });
      expect(aws.requests).toHaveLength(2);
    });

    test('a page of HTML with a status of 503 is asked for again', async () => {
      aws.answer(whole(HTML, 503, { 'content-type': 'text/html' }), whole(body));
      await expect(ask(session)).resolves.toEqual(known(['one', 'two']));
    });
  });

  test('an XML document that was cut and closed again at the same depth cannot be told from a whole one', async () => {
    const { ask, body } = SERVICES['ELBv2 (XML)']!;
    aws.answer(whole(body.replace('<member><LoadBalancerName>two</LoadBalancerName></member>', '')));
    await expect(ask(session)).resolves.toEqual(known(['one']));
  });

  test('an XML document closed again at another depth is asked for again', async () => {
    const { ask, body } = SERVICES['ELBv2 (XML)']!;
    aws.answer(whole(`${body.slice(0, body.indexOf('two'))}</DescribeLoadBalancersResponse>`));
    await expect(ask(session)).rejects.toMatchObject({ code: 'E2006' });
    expect(aws.requests).toHaveLength(2);
  });

  test('the error says what was wrong with the answer, and how often it was asked for', async () => {
    const { ask, body } = SERVICES['EC2 (XML)']!;
    aws.answer(whole(body.slice(0, 200)));
    await expect(ask(session)).rejects.toThrow(
      'an XML answer without the end of <DescribeManagedPrefixListsResponse> (after 2 attempts)',
    );
  });

  test('an answer may take longer than a pause as long as it goes on', async () => {
    const { ask, body } = SERVICES['Config (JSON)']!;
    const parts = body.match(/.{1,10}/g)!;
    aws.answer((response) => {
      response.writeHead(200);
      const send = (at: number): void => {
        response.write(parts[at]);
        if (at + 1 < parts.length) setTimeout(send, 40, at + 1);
        else response.end();
      };
      send(0);
    });
    await expect(ask(session)).resolves.toEqual(known(['one', 'two']));
    expect(aws.requests).toHaveLength(1);
  });

  describe('an answer of many kilobytes', () => {
    const { ask, body } = SERVICES['EC2 (XML)']!;
    const ids = Array.from({ length: 2_000 }, (_, at) => `pl-${String(at)}`);
    const long = body.replace(
      /<prefixListSet>.*<\/prefixListSet>/,
      () =>
        `<prefixListSet>${ids.map((id) => `<item><prefixListId>${id}</prefixListId></item>`).join('\n')}</prefixListSet>`,
    );

    test('passes whole', async () => {
      aws.answer(whole(long));
      await expect(ask(session)).resolves.toEqual(known(ids));
    });

    test('is asked for again when its end is missing', async () => {
      aws.answer(whole(long.slice(0, long.lastIndexOf('</'))), whole(long));
      await expect(ask(session)).resolves.toEqual(known(ids));
      expect(aws.requests).toHaveLength(2);
    });
  });
});
