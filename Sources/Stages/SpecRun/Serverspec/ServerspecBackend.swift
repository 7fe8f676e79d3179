/// The Ruby that is loaded before a Serverspec suite: a backend of Specinfra that sends every command to one shell in the
/// image's sandbox, whatever backend the suite asks for, and a formatter that writes what bake reads.
enum ServerspecBackend {
    /// The descriptors of the process that runs rspec: to the shell, and from its two streams.
    static let commands: Int32 = 3
    static let output: Int32 = 4
    static let errors: Int32 = 5

    static let source = #"""
        require 'json'
        require 'securerandom'
        require 'serverspec'

        module Specinfra
          module Backend
            class Bake < Exec
              LIMIT = 600

              def initialize(config = {})
                super
                @commands = IO.new(3, 'w')
                @streams = [IO.new(4, 'r'), IO.new(5, 'r')]
                @mark = SecureRandom.hex(16)
              end

              def send_file(from, to)
                raise NotImplementedError, 'bake does not copy files into an image'
              end
              alias send_directory send_file

              # Until the ports that the image names are listened on, as it is with a real host.
              def await(ports)
                wanted = ports.map { |port| format(':%04X ', port) }
                limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + 10
                loop do
                  table = spawn_command('cat /proc/net/tcp /proc/net/tcp6')[0]
                  open = table.lines.select { |line| line.split[3] == '0A' }.map { |line| line.split[1] + ' ' }
                  break if wanted.all? { |port| open.any? { |address| address.end_with?(port) } }
                  break if Process.clock_gettime(Process::CLOCK_MONOTONIC) > limit
                  sleep 0.05
                end
              end

              private

              def with_env
                yield
              end

              def spawn_command(cmd)
                env = { LANG: 'C' }.merge(get_config(:env) || {})
                exports = env.map { |name, value| "export #{name}=#{value.to_s.shellescape}; " }.join
                @commands.write("( #{exports}#{cmd}\n) </dev/null; printf '#{@mark} %d\\n' $?; echo #{@mark} 0 >&2\n")
                @commands.flush
                found = @streams.map { |_| String.new }
                status = answer(found)
                texts = found.map { |text| text.sub(/#{@mark} \d+\n\z/, '').force_encoding('UTF-8') }
                texts.each_with_index { |text, i| (i == 0 ? @stdout_handler : @stderr_handler)&.call(text) }
                [texts[0], texts[1], status]
              end

              def answer(found)
                limit = Process.clock_gettime(Process::CLOCK_MONOTONIC) + LIMIT
                until found.all? { |text| text.match?(/#{@mark} \d+\n\z/) }
                  waiting = @streams.zip(found).reject { |_, text| text.match?(/#{@mark} \d+\n\z/) }
                  rest = limit - Process.clock_gettime(Process::CLOCK_MONOTONIC)
                  ready = IO.select(waiting.map(&:first), nil, nil, [rest, 0].max)
                  raise "the command did not end within #{LIMIT} s" unless ready
                  ready[0].each { |stream| found[@streams.index(stream)] << stream.readpartial(65_536) }
                end
                found[0][/#{@mark} (\d+)\n\z/, 1].to_i
              rescue EOFError
                raise 'the session in the image ended'
              end
            end
          end

          class << self
            def backend
              Backend::Bake.instance
            end
          end
        end

        class BakeFormatter
          RSpec::Core::Formatters.register self, :example_passed, :example_failed, :example_pending, :message, :start,
            :close

          def initialize(output)
            @output = output
            @expected = 0
          end

          def start(notification)
            @expected = notification.count
          end

          def example_passed(notification)
            write(notification.example, 'passed')
          end

          def example_pending(notification)
            write(notification.example, 'skipped', reason: notification.example.execution_result.pending_message)
          end

          def example_failed(notification)
            error = notification.example.execution_result.exception
            kind = error.is_a?(RSpec::Expectations::ExpectationNotMetError) ? 'failed' : 'error'
            data = notification.example.metadata
            write(notification.example, kind, reason: error.message, command: plain(data[:command]), stdout: data[:stdout])
          end

          def message(notification)
            line(message: notification.message)
          end

          def close(_)
            # The last line: without it rspec has died on the way.
            line(examples: @expected)
            @output.fsync
          end

          private

          # Specinfra's commands are wrapped in a shell; people know what is inside.
          def plain(command)
            words = command.to_s.shellsplit
            words[0, 2] == ['/bin/sh', '-c'] && words.size == 3 ? words[2] : command
          rescue ArgumentError
            command
          end

          def write(example, outcome, more = {})
            milliseconds = (example.execution_result.run_time * 1000).to_i
            line({ group: example.example_group.metadata[:full_description], example: example.description,
                   outcome: outcome, milliseconds: milliseconds }.merge(more))
          end

          def line(members)
            text = members.compact.transform_values do |value|
              value.is_a?(String) ? value.dup.force_encoding('UTF-8').scrub.gsub(/\e\[[0-9;]*m/, '') : value
            end
            @output.puts(JSON.generate(text))
            # What ran is known, also where the next example ends this process.
            @output.flush
          end
        end

        RSpec.configure do |config|
          ports = ENV.fetch('BAKE_PORTS', '').split.map(&:to_i)
          config.before(:suite) { Specinfra.backend.await(ports) } unless ports.empty?
        end
        """#
}
