/**
 * The keys of the target's tree, as it will be while a plan is carried out: what is new below an encrypted dataset is
 * encrypted with its key.
 *
 * @module
 */

import type { BareDataset } from "../../zfs/parsers/list.ts";
import { type DatasetName, parentOf } from "../../zfs/names/names.ts";

/** Which key encrypts a dataset, and whether it is loaded. */
export interface EncryptionKey {
  readonly dataset: string;
  readonly available: boolean;
}

/** The keys of a tree. */
export class EncryptionKeys {
  readonly #known = new Map<string, EncryptionKey | undefined>();

  /** @param listings What is there. */
  constructor(...listings: readonly (readonly BareDataset[])[]) {
    for (const dataset of listings.flat()) {
      const { name, encryption, encryptionRoot, keyStatus } = dataset;
      this.#known.set(
        name,
        encryption === "off" ? undefined : { dataset: encryptionRoot ?? name, available: keyStatus === "available" },
      );
    }
  }

  /** The key of a dataset, or of the nearest above it that is there; `undefined` where nothing is encrypted. */
  of(dataset: DatasetName): EncryptionKey | undefined {
    for (let name: DatasetName | undefined = dataset; name !== undefined; name = parentOf(name)) {
      if (this.#known.has(name)) return this.#known.get(name);
    }
    return undefined;
  }

  /** The dataset goes away, or will have the key of the one above it. */
  forget(dataset: string): void {
    this.#known.delete(dataset);
  }

  /** The dataset will be there encrypted as on the source, its key not loaded. */
  markLocked(dataset: DatasetName): void {
    this.#known.set(dataset, { dataset, available: false });
  }
}
