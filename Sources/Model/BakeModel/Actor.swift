/// Who did something, and how far that is known.
public struct Actor: Hashable, Sendable {
    /// What `--as` or the CI job said: a claim.
    public let claimed: String?
    /// The user number that the kernel gave: observed.
    public let userID: UInt32
    /// That user's name on the machine, where it has one.
    public let userName: String?
    /// The machine's host name.
    public let machine: String
    /// The variables of a CI job, recorded and never trusted.
    public let job: [String: String]

    /// Describes an actor.
    public init(claimed: String?, userID: UInt32, userName: String?, machine: String, job: [String: String] = [:]) {
        self.claimed = claimed
        self.userID = userID
        self.userName = userName
        self.machine = machine
        self.job = job
    }

    /// `ci (uid 998)`, `"bob" (claimed) by ci (uid 998)`.
    public var text: String {
        let observed = "\(userName ?? "uid") (uid \(userID))"
        return claimed.map { "\"\($0)\" (claimed) by \(observed)" } ?? observed
    }

    /// The record's members.
    public var json: JSON {
        .record([
            "claimed": claimed.map(JSON.string), "uid": .number(Int64(userID)), "user": userName.map(JSON.string),
            "machine": .string(machine), "job": job.isEmpty ? nil : .object(job.mapValues(JSON.string)),
        ])
    }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let number = json["uid"]?.number, let userID = UInt32(exactly: number),
            let machine = json["machine"]?.string
        else { return nil }
        self.init(
            claimed: json["claimed"]?.string, userID: userID, userName: json["user"]?.string, machine: machine,
            job: json["job"]?.members?.compactMapValues(\.string) ?? [:])
    }
}
