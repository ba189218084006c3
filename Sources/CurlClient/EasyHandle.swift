import CLibcurl
import CurlShim

/// One of libcurl's transfer handles, used on the loop's thread alone.
///
/// The first refusal of an option is kept: a transfer must not start without what was asked for.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer
  private(set) var refusal: CURLcode?
  private var lists: [UnsafeMutablePointer<curl_slist>] = []

  /// - Returns: nil when there is no memory.
  init?() {
    guard let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  deinit {
    reset()
    curl_easy_cleanup(pointer)
  }

  /// Forgets all options; keeps what libcurl may reuse. Not while a transfer runs.
  func reset() {
    curl_easy_reset(pointer)
    refusal = nil
    for list in lists {
      curl_slist_free_all(list)
    }
    lists = []
  }

  func set(_ option: CURLoption, _ value: Int) {
    note(curlshim_set_long(pointer, option, value))
  }

  func set(_ option: CURLoption, _ value: Bool) {
    set(option, value ? 1 : 0)
  }

  func set(_ option: CURLoption, offset value: Int64) {
    note(curlshim_set_offset(pointer, option, curl_off_t(value)))
  }

  /// libcurl copies the text.
  func set(_ option: CURLoption, _ value: String) {
    note(curlshim_set_string(pointer, option, value))
  }

  func set(_ option: CURLoption, ifGiven value: String?) {
    if let value { set(option, value) }
  }

  func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer) {
    note(curlshim_set_pointer(pointer, option, value))
  }

  func set(_ option: CURLoption, _ lines: [String]) {
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = curl_slist_append(list, line) else {
        note(CURLE_OUT_OF_MEMORY)
        break
      }
      list = longer
    }
    guard let list else { return }
    lists.append(list)
    note(curlshim_set_list(pointer, option, list))
  }

  func setBody(_ bytes: [UInt8]) {
    // The size comes first: libcurl copies that many bytes.
    set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(bytes.count))
    bytes.withUnsafeBytes { buffer in
      if let start = buffer.baseAddress {
        note(curlshim_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, start))
      } else {
        set(CURLOPT_COPYPOSTFIELDS, "")
      }
    }
  }

  func setCallback(_ option: CURLoption, _ function: @escaping curlshim_io) {
    note(curlshim_set_io(pointer, option, function))
  }

  func setPrerequest(_ function: @escaping curl_prereq_callback) {
    note(curlshim_set_prerequest(pointer, function))
  }

  var responseCode: Int {
    var value = 0
    guard curlshim_get_long(pointer, CURLINFO_RESPONSE_CODE, &value) == CURLE_OK else { return 0 }
    return value
  }

  private func note(_ result: CURLcode) {
    if result != CURLE_OK, refusal == nil { refusal = result }
  }
}
