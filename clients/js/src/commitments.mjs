// Commitments: what the chain knows of a document or record without seeing it.

import { blake2AsHex } from '@polkadot/util-crypto';

/**
 * `blake2_256(salt ‖ text)`. Whoever has salt and text can prove the one, and destroying the salt
 * makes the commitment meaningless.
 *
 * @param {string} salt 32 bytes in hexadecimal, drawn for this purpose
 * @param {string} text for FHIR resources the RFC 8785 canonical JSON
 */
export const commit = (salt, text) =>
  blake2AsHex(Buffer.concat([Buffer.from(salt.slice(2), 'hex'), Buffer.from(text)]));
