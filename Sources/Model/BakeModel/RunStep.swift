/// A command run in the sandbox.
public struct RunStep: Hashable, Sendable {
    /// What is run: a text for a shell, or words as they are.
    public enum Command: Hashable, Sendable {
        /// Given to `/bin/sh -e -c`.
        case shell(String)
        /// A program and its arguments; no shell is needed.
        case words([String])
    }

    /// Whether it has a network.
    public enum Network: Hashable, Sendable {
        /// A loopback of its own: `run:`.
        case none
        /// The machine's, and the lock pins what it gives: `fetch:`.
        case machine
    }

    /// Where it is started, in the sandbox.
    public static let directory = "/work"

    /// The command.
    public let command: Command
    /// `NAME=value`, over what the stages below and every sandbox have.
    public let environment: [String]
    /// `USER[:GROUP]` of the root; nil is root.
    public let user: String?
    /// Which network it has.
    public let network: Network
    /// Values that whoever bakes may set, by name, with what they are when nobody does; in the environment.
    public let arguments: [String: String]
    /// The names of the files below `/run/secrets` that it may read.
    public let secrets: [String]
    /// What lies in `/work`; nil for the whole checkout.
    public let inputs: [ContentSource]?
    /// The paths of `/work` that leave the stage; empty where the changed root is the layer.
    public let output: [StagePath]

    /// Describes a step.
    public init(
        command: Command, environment: [String] = [], user: String? = nil, network: Network = .none,
        arguments: [String: String] = [:], secrets: [String] = [], inputs: [ContentSource]?, output: [StagePath]
    ) {
        self.command = command
        self.environment = environment
        self.user = user
        self.network = network
        self.arguments = arguments
        self.secrets = secrets
        self.inputs = inputs
        self.output = output
    }

    /// The same step with values set by whoever bakes; names that it does not declare change nothing.
    public func setting(_ values: [String: String]) -> RunStep {
        RunStep(
            command: command, environment: environment, user: user, network: network,
            arguments: arguments.merging(values.filter { arguments[$0.key] != nil }) { $1 }, secrets: secrets,
            inputs: inputs, output: output)
    }
}

extension RunStep.Command: CustomStringConvertible {
    /// The command as people write it, for messages and histories.
    public var description: String {
        switch self {
        case .shell(let text): text
        case .words(let words): words.map(Self.quoted).joined(separator: " ")
        }
    }

    private static func quoted(_ word: String) -> String {
        let plain = word.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || "-_./:=,+@%".utf8.contains($0)
        }
        return plain && !word.isEmpty ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
