import BakeModel
import Clibgit2
import Glibc
import LinuxSystem

/// What the library asks while it talks to the other side: for a login, and whether to trust the host.
final class Conversation {
    private let request: GitFetchRequest
    private let knownHosts: KnownHosts
    private var attempts = 0
    /// Why the answer was no, where it was.
    private(set) var failure: FetchError?
    /// Why the other side did not take what was pushed, in its words, where it did not.
    private(set) var refusal: String?

    init(_ request: GitFetchRequest) {
        self.request = request
        knownHosts = request.knownHosts
    }

    /// The callbacks, valid while this object lives.
    func callbacks() throws(LibGitError) -> git_remote_callbacks {
        var callbacks = git_remote_callbacks()
        try LibGit.check("set up", "the fetch") {
            git_remote_init_callbacks(&callbacks, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        }
        callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
        callbacks.credentials = { out, _, user, allowed, payload in
            Conversation.of(payload)?.login(out, user.map { String(cString: $0) }, allowed) ?? GIT_EUSER.rawValue
        }
        callbacks.certificate_check = { certificate, valid, host, payload in
            Conversation.of(payload)?.trust(certificate, isValid: valid == 1) ?? GIT_EUSER.rawValue
        }
        callbacks.push_update_reference = { _, status, payload in
            if let status { Conversation.of(payload)?.refusal = String(cString: status) }
            return 0
        }
        return callbacks
    }

    private static func of(_ payload: UnsafeMutableRawPointer?) -> Conversation? {
        payload.map { Unmanaged<Conversation>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Gives the body the proxy to use; its pointers are valid during the call.
    func withProxy(_ body: (inout git_proxy_options) throws(LibGitError) -> Void) throws(LibGitError) {
        var options = git_proxy_options()
        try LibGit.check("set up", "the proxy") {
            git_proxy_options_init(&options, UInt32(GIT_PROXY_OPTIONS_VERSION))
        }
        guard let proxy = request.options.proxy else { return try body(&options) }
        let url = strdup(proxy)
        defer { free(url) }
        options.type = GIT_PROXY_SPECIFIED
        options.url = UnsafePointer(url)
        try body(&options)
    }

    /// The library asks again and again while the answer is refused: the agent is offered once.
    private func login(
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, _ user: String?, _ allowed: UInt32
    ) -> Int32 {
        let user = user ?? request.url.user ?? "git"
        if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 { return git_credential_username_new(out, user) }
        attempts += 1
        let mayUseAgent = allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 && request.options.agentSocket != nil
        if attempts == 1, mayUseAgent { return git_credential_ssh_key_from_agent(out, user) }
        failure = .login(request.url.text, request.url.scheme)
        return GIT_EUSER.rawValue
    }

    /// ssh keys always come unverified; https certificates were checked by the library.
    private func trust(_ certificate: UnsafeMutablePointer<git_cert>?, isValid: Bool) -> Int32 {
        guard let certificate, certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
            if !isValid { failure = .certificate(request.url.text) }
            return isValid ? 0 : GIT_ECERTIFICATE.rawValue
        }
        let finding = UnsafeRawPointer(certificate).withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) {
            examine($0.pointee)
        }
        guard finding != .known else { return 0 }
        failure = .hostKey(request.url.text, finding)
        return GIT_ECERTIFICATE.rawValue
    }

    private func examine(_ key: git_cert_hostkey) -> KnownHosts.Finding {
        guard key.type.rawValue & GIT_CERT_SSH_RAW.rawValue != 0, let bytes = key.hostkey else { return .unknown }
        let raw = UnsafeRawBufferPointer(start: bytes, count: key.hostkey_len)
        return knownHosts.find(host: request.url.host, port: request.url.port, key: Array(raw))
    }
}
