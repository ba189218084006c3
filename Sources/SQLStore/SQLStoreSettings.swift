/// How the embedded database uses memory, disk and time.
package struct SQLStoreSettings: Hashable, Sendable {
  /// How long a writer waits for another process to finish its transaction.
  package var busyTimeout: Duration = .seconds(30)
  /// Memory for pages of the writing connection, in KiB; each reading one has a quarter.
  package var cacheKiB = 65_536
  /// Connections that read beside the writer.
  package var maximumReaders = 4
  /// Pages in the write-ahead log after which they move into the main file. The more, the more
  /// often a page that changes again is moved once.
  package var checkpointPages = 8_000
  /// Bytes; fixed when a file is made.
  package var pageSize = 4_096
  /// The most pages the file may have; nil for no limit.
  package var maximumPages: Int?

  package init() {}
}
