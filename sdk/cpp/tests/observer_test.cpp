// A loudspeaker is plugged into a PulseAudio server of the test's own, and who observes the devices is told. Needs the Debian
// packages pulseaudio and pulseaudio-utils.
#include <ITRTCCloud.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "check.h"

using namespace liteav;

namespace {

// A server with one speaker.
class SoundServer {
 public:
  SoundServer() {
    char folder[] = "/tmp/rtc-observer-XXXXXX";
    CHECK(mkdtemp(folder) != nullptr);
    folder_ = folder;
    int log[2];
    CHECK(pipe(log) == 0);
    const std::string protocol = "--load=module-native-protocol-unix auth-anonymous=1 socket=" + socket();
    child_ = fork();
    CHECK(child_ >= 0);
    if (child_ == 0) {
      dup2(log[1], STDERR_FILENO);
      setenv("HOME", folder, 1);
      setenv("XDG_RUNTIME_DIR", folder, 1);
      execlp("pulseaudio", "pulseaudio", "-n", "-v", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--log-target=stderr",
             protocol.c_str(), "--load=module-null-sink sink_name=first", static_cast<char*>(nullptr));
      _exit(127);
    }
    close(log[1]);
    log_ = fdopen(log[0], "r");
    char line[1024];
    do {
      CHECK(std::fgets(line, sizeof line, log_) != nullptr);
    } while (std::strstr(line, "startup complete") == nullptr);
  }

  ~SoundServer() {
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    std::fclose(log_);
    CHECK(std::system(("rm -r " + folder_).c_str()) == 0);
  }

  SoundServer(const SoundServer&) = delete;
  SoundServer& operator=(const SoundServer&) = delete;

  std::string socket() const { return folder_ + "/native"; }

  void plug(const std::string& name) {
    const std::string pactl = "HOME=" + folder_ + " pactl --server=unix:" + socket() + " load-module module-null-sink sink_name=";
    CHECK(std::system((pactl + name + " >/dev/null").c_str()) == 0);
  }

 private:
  std::string folder_;
  pid_t child_ = 0;
  FILE* log_ = nullptr;
};

class Observer : public ITXDeviceObserver {
 public:
  void onDeviceChanged(const char* deviceId, TXMediaDeviceType type, TXMediaDeviceState state) override {
    if (type != TXMediaDeviceTypeSpeaker || state != TXMediaDeviceStateAdd) return;
    std::lock_guard<std::mutex> lock(mutex_);
    added_ = deviceId;
    changed_.notify_all();
  }

  void wait_for(const std::string& id) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return added_ == id; });
  }

  std::string added() {
    std::lock_guard<std::mutex> lock(mutex_);
    return added_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string added_;
};

void an_observer_is_told_until_another_takes_its_place(SoundServer& server) {
  Observer first, second;
  ITXDeviceManager* const devices = getTRTCShareInstance()->getDeviceManager();
  devices->setDeviceObserver(&first);
  server.plug("one");
  first.wait_for("one");
  devices->setDeviceObserver(&second);
  server.plug("two");
  second.wait_for("two");
  CHECK(first.added() == "one");
  devices->setDeviceObserver(nullptr);
}

}  // namespace

int main() {
  SoundServer server;
  setenv("PULSE_SERVER", ("unix:" + server.socket()).c_str(), 1);
  an_observer_is_told_until_another_takes_its_place(server);
  destroyTRTCShareInstance();
  return 0;
}
