import Foundation
import HTTPTransport

/// What a posting that is not decided yet is asked by.
enum NetSuiteTicket: Hashable {
  case job(String)
  /// A record that waits for approval.
  case record(NetSuiteRecord, String)

  init?(_ text: String) {
    let parts = text.split(separator: "/").map(String.init)
    guard parts.count == 2 else { return nil }
    if parts[0] == "job" {
      self = .job(parts[1])
    } else if let record = NetSuiteRecord(rawValue: parts[0]) {
      self = .record(record, parts[1])
    } else {
      return nil
    }
  }

  var text: String {
    switch self {
    case .job(let id): "job/\(id)"
    case .record(let record, let id): "\(record.rawValue)/\(id)"
    }
  }
}

/// What `Location` names.
enum NetSuiteLocation {
  /// `…/record/v1/journalentry/64701`, in capitals or not.
  static func record(_ response: HTTPResponse) -> (NetSuiteRecord, id: String)? {
    guard let parts = parts(response, after: "record/v1"), parts.count == 2,
      let record = NetSuiteRecord.allCases.first(where: {
        $0.rawValue.lowercased() == parts[0].lowercased()
      }), !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return (record, parts[1])
  }

  /// `…/async/v1/job/19`
  static func job(_ response: HTTPResponse) -> String? {
    guard let parts = parts(response, after: "async/v1/job"), let id = parts.first,
      !id.isEmpty, id.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    else { return nil }
    return id
  }

  private static func parts(_ response: HTTPResponse, after path: String) -> [String]? {
    guard let location = response.headers["Location"],
      let start = location.range(of: "/\(path)/")
    else { return nil }
    return location[start.upperBound...].prefix { $0 != "?" }
      .split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  }
}
