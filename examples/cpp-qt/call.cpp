#include "call.h"

using namespace liteav;

// Signals emitted on another thread than the receiver's are queued by Qt, with copies of what they carry.

Call::Call() : cloud_(getTRTCShareInstance()) {
  if (cloud_ == nullptr) return;
  cloud_->addCallback(this);
  cloud_->setLocalVideoRenderCallback(TRTCVideoPixelFormat_BGRA32, TRTCVideoBufferType_Buffer, this);
}

Call::~Call() {
  // When this returns no callback is running any more.
  destroyTRTCShareInstance();
}

QString Call::version() const { return cloud_ == nullptr ? QString() : QString::fromUtf8(cloud_->getSDKVersion()); }

void Call::setServer(const QString& url) {
  if (url.isEmpty()) return;
  const QString json = QStringLiteral("{\"api\":\"setServer\",\"params\":{\"url\":\"%1\"}}").arg(QString(url).remove('"').remove('\\'));
  cloud_->callExperimentalAPI(json.toUtf8().constData());
}

void Call::enter(quint32 app, const QString& user, const QString& sig, quint32 room) {
  const QByteArray user_text = user.toUtf8(), sig_text = sig.toUtf8();
  TRTCParams params;
  params.sdkAppId = app;
  params.userId = user_text.constData();
  params.userSig = sig_text.constData();
  params.roomId = room;
  cloud_->enterRoom(params, TRTCAppSceneVideoCall);
  // Without a window of the system: frames come to the render callback.
  cloud_->startLocalPreview(nullptr);
  cloud_->startLocalAudio(TRTCAudioQualityDefault);
}

void Call::leave() {
  cloud_->stopLocalPreview();
  cloud_->stopLocalAudio();
  cloud_->exitRoom();
}

void Call::muteCamera(bool mute) { cloud_->muteLocalVideo(TRTCVideoStreamTypeBig, mute); }

void Call::muteMicrophone(bool mute) { cloud_->muteLocalAudio(mute); }

void Call::show(const QString& user) {
  const QByteArray text = user.toUtf8();
  cloud_->setRemoteVideoRenderCallback(text.constData(), TRTCVideoPixelFormat_BGRA32, TRTCVideoBufferType_Buffer, this);
  cloud_->startRemoteView(text.constData(), TRTCVideoStreamTypeBig, nullptr);
}

void Call::hide(const QString& user) {
  const QByteArray text = user.toUtf8();
  cloud_->stopRemoteView(text.constData(), TRTCVideoStreamTypeBig);
  cloud_->setRemoteVideoRenderCallback(text.constData(), TRTCVideoPixelFormat_BGRA32, TRTCVideoBufferType_Buffer, nullptr);
}

QVector<Device> Call::devices(TXMediaDeviceType type) const {
  QVector<Device> found;
  ITXDeviceCollection* const list = cloud_->getDeviceManager()->getDevicesList(type);
  for (uint32_t i = 0; i < list->getCount(); ++i) {
    found.append({QString::fromUtf8(list->getDevicePID(i)), QString::fromUtf8(list->getDeviceName(i))});
  }
  list->release();
  return found;
}

void Call::choose(TXMediaDeviceType type, const QString& id) {
  cloud_->getDeviceManager()->setCurrentDevice(type, id.toUtf8().constData());
}

void Call::onError(TXLiteAVError errCode, const char* errMsg, void*) { emit failed(errCode, QString::fromUtf8(errMsg)); }

void Call::onWarning(TXLiteAVWarning warningCode, const char* warningMsg, void*) { emit failed(warningCode, QString::fromUtf8(warningMsg)); }

void Call::onEnterRoom(int result) { emit entered(result); }

void Call::onExitRoom(int reason) { emit left(reason); }

void Call::onRemoteUserEnterRoom(const char* userId) { emit cameAndWent(QString::fromUtf8(userId), true); }

void Call::onRemoteUserLeaveRoom(const char* userId, int) { emit cameAndWent(QString::fromUtf8(userId), false); }

void Call::onUserVideoAvailable(const char* userId, bool available) { emit cameraOf(QString::fromUtf8(userId), available); }

void Call::onUserAudioAvailable(const char* userId, bool available) { emit microphoneOf(QString::fromUtf8(userId), available); }

void Call::onConnectionLost() { emit connection(tr("connection lost")); }

void Call::onTryToReconnect() { emit connection(tr("trying to reconnect")); }

void Call::onConnectionRecovery() { emit connection(tr("connected again")); }

void Call::onDeviceChange(const char*, TRTCDeviceType, TRTCDeviceState) { emit devicesChanged(); }

void Call::onRenderVideoFrame(const char* userId, TRTCVideoStreamType, TRTCVideoFrame* frame) {
  // The frame is the SDK's until this returns, so it is copied.
  const QImage borrowed(reinterpret_cast<const uchar*>(frame->data), static_cast<int>(frame->width), static_cast<int>(frame->height),
                        static_cast<int>(frame->width * 4), QImage::Format_RGB32);
  QImage image = borrowed.copy();
  if (frame->rotation != TRTCVideoRotation0) image = image.transformed(QTransform().rotate(90 * frame->rotation));
  emit picture(QString::fromUtf8(userId), image);
}
