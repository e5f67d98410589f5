import { networkOf } from '../../values/network.ts';
import type { TypedAddress } from './handle-typed-address.ts';

/** A bounded queue that is shared fairly between networks. */
export interface FairLine {
  readonly length: number;
  /** Takes it in. When full, gives back what had to go for it, which may be itself. */
  add(typed: TypedAddress): TypedAddress | undefined;
  /** The first ones, in the order they came. */
  take(count: number): TypedAddress[];
}

/** A provider's customer has at most a /48; IPv4 neighbours in a /24 count as one. */
const neighbourhoodOf = (ip: string): string =>
  networkOf(ip, 48).replace(/^(\d+\.\d+\.\d+)\.\d+$/, '$1.0/24');

/** When full, the network with the most in it gives up its newest, unless the newcomer's own has as many. */
export function createFairLine(max: number): FairLine {
  const waiting: TypedAddress[] = [];
  const share = new Map<string, number>();

  function change(network: string, by: number): void {
    const left = (share.get(network) ?? 0) + by;
    if (left === 0) share.delete(network);
    else share.set(network, left);
  }

  function push(typed: TypedAddress): void {
    waiting.push(typed);
    change(neighbourhoodOf(typed.ip), 1);
  }

  function dropNewestOf(network: string): TypedAddress | undefined {
    const at = waiting.findLastIndex(({ ip }) => neighbourhoodOf(ip) === network);
    const [dropped] = at < 0 ? [] : waiting.splice(at, 1);
    if (dropped !== undefined) change(network, -1);
    return dropped;
  }

  return {
    get length() {
      return waiting.length;
    },
    add(typed) {
      if (waiting.length < max) {
        push(typed);
        return undefined;
      }
      const own = share.get(neighbourhoodOf(typed.ip)) ?? 0;
      let [largest, most] = ['', 0];
      for (const [network, count] of share) if (count > most) [largest, most] = [network, count];
      if (own + 1 >= most) return typed;
      const dropped = dropNewestOf(largest);
      push(typed);
      return dropped;
    },
    take(count) {
      const taken = waiting.splice(0, count);
      for (const { ip } of taken) change(neighbourhoodOf(ip), -1);
      return taken;
    },
  };
}
