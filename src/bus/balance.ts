/**
 * Who is to own each partition: shares differ by one at most, and no partition moves that need not.
 *
 * @param owners the owner of each partition so far; owners that are not among `members` have left.
 * @returns the owner of each partition; all `undefined` without members.
 */
export function balance<Member>(
  owners: readonly (Member | undefined)[],
  members: readonly Member[],
): (Member | undefined)[] {
  if (members.length === 0) return owners.map(() => undefined);
  const share = Math.floor(owners.length / members.length);
  let largerShares = owners.length % members.length;
  const held = new Map(members.map((member) => [member, 0]));
  const keep = (owner: Member | undefined): Member | undefined => {
    const count = owner === undefined ? undefined : held.get(owner);
    if (count === undefined || count > share || (count === share && largerShares === 0)) return undefined;
    if (count === share) largerShares--;
    held.set(owner!, count + 1);
    return owner;
  };
  return owners.map(keep).map((owner) => owner ?? giveToPoorest(held));
}

function giveToPoorest<Member>(held: Map<Member, number>): Member {
  const [poorest, count] = [...held].reduce((least, next) => (next[1] < least[1] ? next : least));
  held.set(poorest, count + 1);
  return poorest;
}
