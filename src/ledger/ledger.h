/* ledger: an append-only Merkle log (RFC 6962) of everything that was written, and the means to prove it to
 * somebody who trusts neither the server nor the people who run it.
 *
 *   tree.h       hashing, the frontier that a store keeps in one row, the tree in memory
 *   proof.h      inclusion and consistency, made and checked
 *   note.h       signed notes, keys, checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature)
 *   tiles.h      the files of an exported log (C2SP tlog-tiles): their names, their bytes
 *   verify.h     the offline verifier of an export
 *   event.h      what a leaf says, and how personal data stays erasable
 *   receipt.h    one record with its proof, in a file that is checked without the log
 *   witness.h    answering and asking for cosignatures (C2SP tlog-witness); finding a fork
 *   timestamp.h  RFC 3161 time stamps
 *
 * The room is pure: no clock, no files, no randomness. Time, keys and bytes come in as arguments.
 * Other rooms include this file and no other of this room. */
#ifndef TK_LEDGER_H
#define TK_LEDGER_H

#include "base/base.h"

#include "ledger/tree.h"

#include "ledger/proof.h"

#include "ledger/note.h"

#include "ledger/tiles.h"

#include "ledger/verify.h"

#include "ledger/event.h"

#include "ledger/receipt.h"

#include "ledger/witness.h"

#include "ledger/timestamp.h"

#endif
