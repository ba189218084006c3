internal import Ledger
internal import PostingEngine

// Values of options, with a problem that says what was written and what to write instead.

extension FiscalPeriod {
  /// - Throws: ``Problem`` `usage`.
  init(option text: String, of name: String = "--period") throws(Problem) {
    guard let period = FiscalPeriod(text) else {
      throw .usage(name, "'\(text)' is no period", fix: "Write YYYY-MM")
    }
    self = period
  }
}

extension CalendarDate {
  /// - Throws: ``Problem`` `usage`.
  init(option text: String, of name: String) throws(Problem) {
    guard let date = CalendarDate(text) else {
      throw .usage(name, "'\(text)' is no date", fix: "Write YYYY-MM-DD")
    }
    self = date
  }
}

extension Moment {
  /// A moment, or the beginning or the end of a day.
  ///
  /// - Throws: ``Problem`` `usage`.
  init(option text: String, of name: String, isEnd: Bool = false) throws(Problem) {
    let time = isEnd ? "23:59:59.999" : "00:00:00"
    guard let moment = Moment(text) ?? CalendarDate(text).flatMap({ Moment("\($0)T\(time)Z") })
    else {
      throw .usage(
        name, "'\(text)' is no date or moment",
        fix: "Write 2026-10-31 or 2026-10-31T18:00:00Z")
    }
    self = moment
  }
}

extension Problem {
  fileprivate static func usage(_ option: String, _ detail: String, fix: String) -> Problem {
    Problem(code: "usage", pointer: option, detail: detail, fix: fix)
  }
}
