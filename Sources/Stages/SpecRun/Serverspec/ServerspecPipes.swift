import LinuxSystem
import Synchronization

/// The two pipes between rspec and the session in the image. An end that this process kept open would never let the
/// other side come to its end, so each is handed on and forgotten.
final class ServerspecPipes: Sendable {
    private let session: Mutex<[Descriptor]>
    private let rspec: Mutex<[Int32: Descriptor]>

    init() throws(SystemError) {
        let (questionsRead, questions) = try Descriptor.pipe()
        let (answers, answersWrite) = try Descriptor.pipe()
        session = Mutex([questionsRead, answersWrite])
        rspec = Mutex([ServerspecBackend.questions: questions, ServerspecBackend.answers: answers])
    }

    /// Where the session reads questions and writes answers; whoever takes them closes them.
    func takeSessionEnds() -> [Descriptor] {
        session.withLock { ends in
            defer { ends = [] }
            return ends
        }
    }

    /// The descriptors of rspec's process.
    func rspecEnds() -> [Int32: Descriptor] { rspec.withLock { $0 } }

    /// Ends the questions.
    func closeRspecEnds() { rspec.withLock { $0 = [:] } }
}
