import CLibcurl

extension EasyHandle {
  /// Applies what all transfers of a client share.
  func apply(_ settings: CurlSettings) {
    set(CURLOPT_NOSIGNAL, true)
    set(CURLOPT_CONNECTTIMEOUT_MS, settings.connectTimeout.wholeMilliseconds)
    set(CURLOPT_MAXAGE_CONN, settings.reuseLimit.wholeSeconds)
    if let idle = settings.idleTimeout {
      set(CURLOPT_LOW_SPEED_LIMIT, 1)
      set(CURLOPT_LOW_SPEED_TIME, idle.wholeSeconds)
    }
    switch settings.access {
    case .http(let http): apply(http)
    case .sftp(let sftp): apply(sftp)
    case .smtp(let smtp): apply(smtp)
    }
  }

  private func apply(_ http: CurlSettings.HTTP) {
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, false)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_CAINFO, ifGiven: http.certificateAuthorityFile)
    set(CURLOPT_SSLCERT, ifGiven: http.clientCertificateFile)
    set(CURLOPT_SSLKEY, ifGiven: http.clientKeyFile)
    set(CURLOPT_KEYPASSWD, ifGiven: http.clientKeyPassphrase)
    // Empty, not absent: libcurl would take proxies from the environment.
    set(CURLOPT_PROXY, http.proxy ?? "")
    set(CURLOPT_NOPROXY, "")
    set(CURLOPT_PROXYUSERNAME, ifGiven: http.proxyUser)
    set(CURLOPT_PROXYPASSWORD, ifGiven: http.proxyPassword)
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    set(
      CURLOPT_HTTP_VERSION,
      Int(http.usesHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1))
    set(CURLOPT_PIPEWAIT, http.usesHTTP2)
    set(CURLOPT_USERAGENT, http.userAgent)
    // Empty means every encoding that libcurl can undo.
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_PATH_AS_IS, true)
  }

  private func apply(_ smtp: CurlSettings.SMTP) {
    set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    set(CURLOPT_PROXY, "")
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    set(CURLOPT_CAINFO, ifGiven: smtp.certificateAuthorityFile)
    set(CURLOPT_USE_SSL, Int(smtp.requiresTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue))
    set(CURLOPT_USERNAME, ifGiven: smtp.user)
    set(CURLOPT_PASSWORD, ifGiven: smtp.password)
  }

  private func apply(_ sftp: CurlSettings.SFTP) {
    set(CURLOPT_PROTOCOLS_STR, "sftp")
    set(CURLOPT_PROXY, "")
    set(CURLOPT_USERNAME, sftp.user)
    switch sftp.login {
    case .password(let password):
      set(CURLOPT_SSH_AUTH_TYPES, Int(CURLSSH_AUTH_PASSWORD))
      set(CURLOPT_PASSWORD, password)
    case .key(let file, let passphrase):
      set(CURLOPT_SSH_AUTH_TYPES, Int(CURLSSH_AUTH_PUBLICKEY))
      set(CURLOPT_SSH_PRIVATE_KEYFILE, file)
      set(CURLOPT_KEYPASSWD, ifGiven: passphrase)
    }
    switch sftp.hostKey {
    case .sha256(let hash): set(CURLOPT_SSH_HOST_PUBLIC_KEY_SHA256, hash)
    case .knownHosts(let file): set(CURLOPT_SSH_KNOWNHOSTS, file)
    }
  }

  /// Applies what one transfer wants.
  func apply(_ transfer: CurlTransfer) {
    set(CURLOPT_URL, transfer.url)
    switch transfer.operation {
    case .http(let method, let headers, let body):
      apply(method: method, headers: headers, body: body)
    case .download(let offset):
      set(CURLOPT_RESUME_FROM_LARGE, offset: offset)
    case .upload(let bytes):
      set(CURLOPT_UPLOAD, true)
      set(CURLOPT_INFILESIZE_LARGE, offset: Int64(bytes.count))
    case .mail(let from, let to, let message):
      set(CURLOPT_UPLOAD, true)
      set(CURLOPT_INFILESIZE_LARGE, offset: Int64(message.count))
      set(CURLOPT_MAIL_FROM, from)
      set(CURLOPT_MAIL_RCPT, to)
    case .list(let namesOnly):
      set(CURLOPT_DIRLISTONLY, namesOnly)
    case .commands(let commands):
      set(CURLOPT_NOBODY, true)
      set(CURLOPT_QUOTE, commands)
    }
  }

  private func apply(method: String, headers: [CurlHeader], body: [UInt8]) {
    let sendsLength = !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
    if sendsLength {
      setBody(body)
    } else if method == "HEAD" {
      set(CURLOPT_NOBODY, true)
    } else {
      set(CURLOPT_HTTPGET, true)
    }
    set(CURLOPT_CUSTOMREQUEST, method)
    // "Name;" sends an empty value, "Name:" removes libcurl's own header.
    var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    lines.append("Expect:")
    if sendsLength, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
      lines.append("Content-Type:")
    }
    set(CURLOPT_HTTPHEADER, lines)
  }
}
