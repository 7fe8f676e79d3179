import BakeModel
import Glibc
import LinuxSystem
import RootFilesystem

/// What a suite asks, one thing after another, and what it is answered. Questions and answers are frames.
///
/// `{"command": …}` is answered by `{"status": …}`, a frame of output and one of errors, or by an error;
/// `{"running": true}` says that something was found to run, and has no answer.
struct ServerspecConversation {
    private let questions: Descriptor
    private let answers: HelperReply

    private static let output = HelperFrame.Kind(byte: UInt8(ascii: "o"))
    private static let errors = HelperFrame.Kind(byte: UInt8(ascii: "e"))

    init(questions: Descriptor, answers: Descriptor) {
        self.questions = questions
        self.answers = HelperReply(to: answers)
    }

    /// Answers until the suite is gone.
    /// - Throws: why no command can be run. That one did not end is an answer.
    func hold(run: (String) throws -> CommandOutcome, sawTheProcess: () -> Void) throws {
        do {
            while let question = try HelperAnswer.next(from: questions) {
                if let command = question["command"]?.string { try answer(try outcome { try run(command) }) }
                if question["running"]?.bool == true { sawTheProcess() }
            }
        } catch let error as SystemError where error.number == EPIPE {
            // It went without waiting for its answer.
        }
    }

    private func outcome(_ run: () throws -> CommandOutcome) throws -> CommandOutcome? {
        do { return try run() } catch let error as NamespaceError { throw error } catch {
            try answers.instead { throw error }
            return nil
        }
    }

    private func answer(_ outcome: CommandOutcome?) throws {
        guard let outcome else { return }
        try answers.send(["status": .number(outcome.ending.shellStatus)])
        try outcome.output.withUnsafeBytes { try answers.send(Self.output, $0) }
        try outcome.errors.withUnsafeBytes { try answers.send(Self.errors, $0) }
    }
}
