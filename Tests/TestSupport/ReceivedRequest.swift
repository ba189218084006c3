/// An HTTP request as a ``ScriptedServer`` read it.
package struct ReceivedRequest: Sendable {
  /// Counts from 1 over all connections, in order of arrival.
  package let number: Int
  /// Counts from 1 in order of acceptance.
  package let connection: Int
  package let method: String
  /// Path with query, as sent.
  package let target: String
  /// Names in lower case.
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]

  package func header(_ name: String) -> String? {
    headers.first { $0.name == name.lowercased() }?.value
  }

  package var text: String { String(decoding: body, as: UTF8.self) }
}
