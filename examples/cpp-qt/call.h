// The SDK as a Qt object: its callbacks, which come on threads of the SDK, become signals on the thread of the window.
#pragma once

#include <ITRTCCloud.h>

#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QVector>
#include <atomic>

struct Device {
  QString id;
  QString name;
};

class Call : public QObject, private liteav::ITRTCCloudCallback, private liteav::ITRTCVideoRenderCallback {
  Q_OBJECT

 public:
  Call();
  ~Call() override;

  bool isThere() const { return cloud_ != nullptr; }
  QString version() const;
  void setServer(const QString& url);
  void enter(quint32 app, const QString& user, const QString& sig, quint32 room);
  void leave();
  void muteCamera(bool mute);
  void muteMicrophone(bool mute);
  void show(const QString& user);
  void hide(const QString& user);
  QVector<Device> devices(liteav::TXMediaDeviceType type) const;
  void choose(liteav::TXMediaDeviceType type, const QString& id);

 signals:
  void entered(int result);
  // 0 by ourselves, 1 removed by the server, 2 the room was dismissed.
  void left(int reason);
  void failed(int code, const QString& message);
  void cameAndWent(const QString& user, bool is_there);
  void cameraOf(const QString& user, bool is_on);
  void microphoneOf(const QString& user, bool is_on);
  // Empty for our own picture.
  void picture(const QString& user, const QImage& image);
  void connection(const QString& words);
  void devicesChanged();

 private:
  void onError(TXLiteAVError errCode, const char* errMsg, void* extraInfo) override;
  void onWarning(TXLiteAVWarning warningCode, const char* warningMsg, void* extraInfo) override;
  void onEnterRoom(int result) override;
  void onExitRoom(int reason) override;
  void onRemoteUserEnterRoom(const char* userId) override;
  void onRemoteUserLeaveRoom(const char* userId, int reason) override;
  void onUserVideoAvailable(const char* userId, bool available) override;
  void onUserAudioAvailable(const char* userId, bool available) override;
  void onConnectionLost() override;
  void onTryToReconnect() override;
  void onConnectionRecovery() override;
  void onDeviceChange(const char* deviceId, liteav::TRTCDeviceType type, liteav::TRTCDeviceState state) override;
  void onRenderVideoFrame(const char* userId, liteav::TRTCVideoStreamType streamType, liteav::TRTCVideoFrame* frame) override;

  liteav::ITRTCCloud* cloud_;
};
