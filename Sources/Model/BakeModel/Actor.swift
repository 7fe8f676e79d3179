/// Who did something, and how far that is known.
public struct Actor: Hashable, Sendable {
    /// What `--as` or the CI job said: a claim.
    public let claimed: String?
    /// Who signed the act, as the policy's signers name them: proved.
    public let signer: String?
    /// The user number that the kernel gave: observed.
    public let userID: UInt32
    /// That user's name on the machine, where it has one.
    public let userName: String?
    /// The user number of the login from which it came, where the kernel knows it: whoever became root keeps it.
    public let loginID: UInt32?
    /// The machine's host name.
    public let machine: String
    /// The variables of a CI job, recorded and never trusted.
    public let job: [String: String]

    /// Describes an actor.
    public init(
        claimed: String?, userID: UInt32, userName: String?, machine: String, job: [String: String] = [:],
        loginID: UInt32? = nil, signer: String? = nil
    ) {
        self.claimed = claimed
        self.signer = signer
        self.loginID = loginID
        self.userID = userID
        self.userName = userName
        self.machine = machine
        self.job = job
    }

    /// The same, with a signature that was verified.
    public func signed(by signer: String?) -> Actor {
        Actor(
            claimed: claimed, userID: userID, userName: userName, machine: machine, job: job, loginID: loginID,
            signer: signer)
    }

    /// The name under which `allowed_signers` may say who this user is: that of the login, where it is known.
    public var observedName: String { "uid:\(loginID ?? userID)" }

    /// `alice (signed)`, `ci (uid 998)`, `root (uid 0, login uid 1000)`, `"bob" (claimed) by ci (uid 998)`.
    public var text: String {
        if let signer { return "\(signer) (signed)" }
        let login = loginID.flatMap { $0 == userID ? nil : ", login uid \($0)" } ?? ""
        let observed = "\(userName ?? "uid") (uid \(userID)\(login))"
        return claimed.map { "\"\($0)\" (claimed) by \(observed)" } ?? observed
    }

    /// The record's members.
    public var json: JSON {
        .record([
            "claimed": claimed.map(JSON.string), "signer": signer.map(JSON.string),
            "login": loginID.map { .number(Int64($0)) }, "uid": .number(Int64(userID)),
            "user": userName.map(JSON.string),
            "machine": .string(machine), "job": job.isEmpty ? nil : .object(job.mapValues(JSON.string)),
        ])
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let number = json["uid"]?.number, let userID = UInt32(exactly: number),
            let machine = json["machine"]?.string,
            let loginID = json.optional("login", { $0.number.flatMap { UInt32(exactly: $0) } })
        else { return nil }
        self.init(
            claimed: json["claimed"]?.string, userID: userID, userName: json["user"]?.string, machine: machine,
            job: json["job"]?.members?.compactMapValues(\.string) ?? [:],
            loginID: loginID, signer: json["signer"]?.string)
    }
}
