internal import Ledger
internal import LedgerJSON
package import PostingEngine
package import StrictJSON

extension JSONWriter {
  /// `{ "document": …, "repeat", "dryRun", "reversals": [ { "cancelled", "entry": … } ] }`
  package mutating func write(_ result: Reversal.Result, isDryRun: Bool) {
    object { writer in
      writer.key("document")
      writer.write(result.document)
      writer.key("repeat")
      writer.bool(result.isRepeat)
      writer.key("dryRun")
      writer.bool(isDryRun)
      writer.key("reversals")
      writer.array { writer in
        for record in result.reversals {
          writer.object { writer in
            writer.key("cancelled")
            writer.bool(result.cancelled.contains(record.key))
            writer.key("entry")
            writer.write(record)
          }
        }
      }
    }
  }
}
