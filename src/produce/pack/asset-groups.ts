import { ASSET_KINDS, type AssetKind } from '../../contract/words.ts';

/** Words for several kinds of asset at once. */
const GROUPS = {
  all: ASSET_KINDS,
  /** Their doors are opened for work at stops only, and a load stays where it is. */
  vehicles: ['reefer-truck', 'rail-reefer-box'],
  /** Places where produce is kept; a mobile cold room is a store that can be moved. */
  stores: ['cold-store', 'forward-warehouse', 'mobile-cold-room'],
} as const satisfies Record<string, readonly AssetKind[]>;

type AssetGroup = keyof typeof GROUPS;

/** What a pack may write as an asset: a kind, or a group of them. */
export const ASSET_WORDS = [...(Object.keys(GROUPS) as AssetGroup[]), ...ASSET_KINDS] as const;

/** The kinds that words stand for, each once. */
export function assetKindsOf(words: readonly (AssetGroup | AssetKind)[]): AssetKind[] {
  return [
    ...new Set(
      words.flatMap((word): readonly AssetKind[] =>
        word in GROUPS ? GROUPS[word as AssetGroup] : [word as AssetKind],
      ),
    ),
  ];
}
