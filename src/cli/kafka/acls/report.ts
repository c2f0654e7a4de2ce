import { describeRight, type Grant, type KafkaRight } from '../../../bus/index.js';
import { styled, type Terminal } from '../../terminal.js';
import { type AclFinding, isAsWanted, type Wanted } from './compare.js';

/** What each task needs, where nobody was named for it. */
export function renderNeeds(needs: readonly Omit<Wanted, 'principal'>[]): string {
  const blocks = needs.map(
    ({ task, rights }) => `${task}\n${rights.map((right) => `    ${describeRight(right)}\n`).join('')}`,
  );
  return `${blocks.join('\n')}\n${NAME_THEM}\n`;
}

const NAME_THEM =
  'Name who runs what (--gateway User:NAME --worker User:NAME …) to compare this with the cluster; --apply adds what is missing.';

/** One block a principal and task: what is missing, what forbids it, what is more than needed. */
export function renderAcls(
  findings: readonly AclFinding[],
  brokers: string,
  terminal: Pick<Terminal, 'colours'>,
): string {
  const blocks = findings.map((finding) => blockOf(finding, brokers, terminal));
  return `${blocks.join('')}\n${verdictOf(findings)}\n`;
}

function blockOf(finding: AclFinding, brokers: string, terminal: Pick<Terminal, 'colours'>): string {
  const { task, principal, rights, missing, forbidding, excess } = finding;
  const mark = isAsWanted([finding]) ? styled(terminal, 'green', '✓') : styled(terminal, 'red', '✗');
  const hint = (text: string): string => styled(terminal, 'dim', `      ${text}\n`);
  return [
    `${mark} ${task} ${principal}: ${rights.length - missing.length} of ${rights.length} rights\n`,
    ...missing.map((right) => `    missing: ${describeRight(right)}\n`),
    ...forbidding.flatMap((grant) => [
      `    forbidden: ${describeGrant(grant)}\n`,
      hint(removal(grant, brokers)),
    ]),
    ...excess.flatMap((grant) => [
      `    more than is needed: ${describeGrant(grant)}\n`,
      hint(removal(grant, brokers)),
    ]),
  ].join('');
}

function describeGrant({ principal, host, allows, resource, name, prefixed, operation }: Grant): string {
  const right = describeRight({ resource, name, prefixed, operation } as KafkaRight);
  return `${allows ? '' : 'deny '}${right} for ${principal}${host === '*' ? '' : ` from ${host}`}`;
}

const OPTION: Readonly<Record<Grant['resource'], string>> = {
  topic: '--topic',
  group: '--group',
  'transactional-id': '--transactional-id',
  cluster: '--cluster',
  other: '--topic',
};

/** Nothing is taken away by Undertone: somebody else may need it. */
function removal(
  { principal, host, allows, resource, name, prefixed, operation }: Grant,
  brokers: string,
): string {
  const kind = allows ? 'allow' : 'deny';
  return [
    `kafka-acls.sh --bootstrap-server ${brokers} --remove`,
    `--${kind}-principal '${principal}' --${kind}-host '${host}' --operation ${operation}`,
    resource === 'cluster' ? '--cluster' : `${OPTION[resource]} '${name}'`,
    `--resource-pattern-type ${prefixed ? 'prefixed' : 'literal'}`,
  ].join(' ');
}

function verdictOf(findings: readonly AclFinding[]): string {
  if (!isAsWanted(findings)) {
    return [
      findings.some(({ missing }) => missing.length > 0)
        ? 'What is missing is added by `undertone topics acls --apply`, with the same names.'
        : '',
      findings.some(({ forbidding }) => forbidding.length > 0)
        ? 'What forbids is taken away by you: a denial wins over whatever allows.'
        : '',
    ]
      .filter(Boolean)
      .join(' ');
  }
  const more = findings.some(({ excess }) => excess.length > 0);
  return `Everybody may do what is needed${more ? '; some may do more: take it away where nobody else needs it.' : ', and no more.'}`;
}
