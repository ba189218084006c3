internal import Ledger
internal import LedgerJSON
package import PostingEngine
package import StrictJSON

/// What customers owe by age, written the same by the API and the command line.
extension JSONWriter {
  /// `{ "ageing": [ … ] }`
  package mutating func write(_ reports: [AgeingReport]) {
    object { writer in
      writer.key("ageing")
      writer.array { writer in
        for report in reports { writer.write(report) }
      }
    }
  }

  private mutating func write(_ report: AgeingReport) {
    object { writer in
      writer.string("entity", report.entity.code)
      writer.date("asOf", report.day)
      writer.key("tiesOut")
      writer.bool(report.tiesOut)
      writer.key("customers")
      writer.array { writer in
        for row in report.rows { writer.write(row) }
      }
      writer.key("control")
      writer.array { writer in
        for tieOut in report.tieOuts {
          writer.object { writer in
            writer.string("role", AccountRole.receivable.rawValue)
            writer.string("currency", tieOut.currency.code)
            writer.money("items", tieOut.items.amount)
            writer.money("itemsFunctional", tieOut.items.functional)
            writer.money("account", tieOut.control.amount)
            writer.money("accountFunctional", tieOut.control.functional)
            writer.key("tiesOut")
            writer.bool(tieOut.tiesOut)
          }
        }
      }
    }
  }

  private mutating func write(_ row: AgeingReport.Row) {
    object { writer in
      writer.string("customer", row.customer)
      writer.string("currency", row.total.currency.code)
      writer.key("items")
      writer.number(row.items)
      for age in AgeingReport.Age.allCases {
        writer.key(age.rawValue)
        writer.string((row.ages[age] ?? .zero(row.total.currency)).text)
      }
      writer.money("total", row.total)
      writer.string("functionalCurrency", row.functional.currency.code)
      writer.money("functionalTotal", row.functional)
    }
  }
}
